import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before Postgres that can cut a connection between a COMMIT and its answer. */
export interface AnswerSwallower {
  readonly port: number;
  /**
   * Lets the next request that contains `text` through and, from then on, nothing back: the server carries it out and the client never
   * learns of it. The client's connection is cut after `silenceMs`. Resolves when that has happened.
   */
  swallowAnswerTo(text: string, silenceMs: number): Promise<void>;
  close(): Promise<void>;
}

interface Ambush {
  readonly text: string;
  readonly silenceMs: number;
  readonly done: () => void;
}

export async function startAnswerSwallower(target: { readonly host: string; readonly port: number }): Promise<AnswerSwallower> {
  const sockets = new Set<Socket>();
  let ambush: Ambush | undefined;

  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    let muted = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        if (!muted) upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (ambush !== undefined && chunk.includes(ambush.text)) {
        const { silenceMs, done } = ambush;
        ambush = undefined;
        muted = true;
        // The server must have carried the request out before it sees the connection end: it is left open a little longer.
        setTimeout(() => {
          client.destroy();
          done();
          setTimeout(() => upstream.destroy(), silenceMs);
        }, silenceMs);
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!muted) client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    swallowAnswerTo: (text, silenceMs) =>
      new Promise((resolve) => {
        ambush = { text, silenceMs, done: resolve };
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
