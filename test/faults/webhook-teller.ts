import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { hashText } from '#simulator/random';

import type { ProviderWebhook } from './provider-webhooks';

const againMs = 250;
const lagMsMax = 400;

export const readTold = (path: string): ReadonlySet<string> =>
  new Set(existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);

/** Sends webhooks as providers do: a little later, some of them twice, and again until they are taken, whoever was killed meanwhile. */
export function webhookTeller({ gatewayUrl, toldPath }: { readonly gatewayUrl: string; readonly toldPath: string }) {
  const begun = new Set(readTold(toldPath));
  const tell = async (webhook: ProviderWebhook): Promise<void> => {
    const lot = hashText(webhook.id);
    await sleep(lot % lagMsMax);
    for (let times = lot % 10 === 0 ? 2 : 1; times > 0; times--)
      while (!(await isTaken(gatewayUrl, webhook))) await sleep(againMs);
    appendFileSync(toldPath, `${webhook.id}\n`);
  };
  return (webhooks: readonly ProviderWebhook[]): void => {
    for (const webhook of webhooks) {
      if (begun.has(webhook.id)) continue;
      begun.add(webhook.id);
      void tell(webhook);
    }
  };
}

async function isTaken(gatewayUrl: string, { provider, body, headers }: ProviderWebhook): Promise<boolean> {
  try {
    const answer = await fetch(`${gatewayUrl}/v1/webhooks/${provider}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers() },
      body,
      signal: AbortSignal.timeout(5_000),
    });
    const text = await answer.text();
    if (!answer.ok) console.log(`${provider}'s webhook was answered ${answer.status}: ${text}`);
    return answer.ok;
  } catch {
    return false;
  }
}
