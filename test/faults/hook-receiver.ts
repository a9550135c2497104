import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** Receivers of notices, as a world's endpoints are called: one that listens, one that never answers, one that is gone. */
export const hookNames = ['listens', 'silent', 'gone'] as const;

/**
 * Platforms that are told, on one port: `listens` verifies with the reference library of Standard Webhooks, notes the id on disk and only then
 * answers, so that what it answered for is there although we were killed before we knew.
 */
export function startHookReceiver({
  port,
  secret,
  recordPath,
}: {
  readonly port: number;
  readonly secret: string;
  readonly recordPath: string;
}): void {
  const webhook = new Webhook(secret);
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      if (request.url === '/silent') return;
      if (request.url === '/gone') return void response.writeHead(410).end();
      const id = String(request.headers['webhook-id']);
      try {
        webhook.verify(Buffer.concat(pieces).toString(), request.headers as Record<string, string>);
        appendFileSync(recordPath, `${JSON.stringify({ id })}\n`);
        response.writeHead(204).end();
      } catch (error) {
        appendFileSync(recordPath, `${JSON.stringify({ id, fault: String(error) })}\n`);
        response.writeHead(401).end();
      }
    });
  });
  server.listen(port, '127.0.0.1');
}
