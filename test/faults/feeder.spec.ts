import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Feeder } from './feeder';

describe('the feeder', () => {
  it('sends a batch again until the gateway has kept it, and then counts it as acknowledged', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      void (async () => {
        let body = '';
        for await (const piece of request) body += String(piece);
        bodies.push(body);
        if (bodies.length === 1) request.socket.destroy();
        else response.writeHead(bodies.length === 2 ? 503 : 202).end('{}');
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const feeder = new Feeder({ gatewayUrl: `http://127.0.0.1:${port}`, apiKey: 'a-key' });
    try {
      await feeder.feed([
        { atMs: 0, text: '{"id":"1"}', identity: '1' },
        { atMs: 0, text: '{"id":"2"}', identity: '2' },
      ]);
      expect([...feeder.acknowledged]).toEqual(['1', '2']);
      expect(bodies).toEqual(Array(3).fill('{"id":"1"}\n{"id":"2"}'));
      expect(feeder.retries).toBe(2);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
