import type { AuditLog, SaidMessage, ToldFinding } from '#apps/makewhole/verify/sources';

export interface ToldMessage extends SaidMessage {
  readonly partition: number;
  readonly offset: number;
}

/** The `findings` topic: each message once (the relay may send one again under its id), and each finding as it was told last. */
export interface ToldLog {
  readonly messages: readonly ToldMessage[];
  readonly last: ReadonlyMap<string, ToldFinding>;
}

interface Told {
  readonly id: string;
  readonly time: string;
  readonly type: string;
  readonly data: { readonly finding?: ToldFinding };
}

/** Throws on a record that is no message of ours: nobody else writes to this topic. */
export async function readToldFindings(log: AuditLog): Promise<ToldLog> {
  const messages = new Map<string, ToldMessage>();
  const last = new Map<string, ToldFinding>();
  await log.scan('findings', ({ partition, offset, value }) => {
    const text = String(value);
    const { id, time, data } = JSON.parse(text) as Told;
    if (messages.has(id)) return;
    messages.set(id, { id, value: text, at: Date.parse(time), partition, offset });
    const { finding } = data;
    if (finding) last.set(finding.findingId, { ...finding, text: JSON.stringify(finding) });
  });
  return { messages: [...messages.values()], last };
}
