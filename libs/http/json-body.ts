import type { IncomingMessage } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Under these paths a controller reads the bytes itself: a signature or an event is about bytes, not about what JSON they hold. */
export const rawPaths: readonly string[] = ['/v1/events', '/v1/webhooks'];

/** JSON bodies up to `bytesMax` are parsed, but for `rawPaths`. */
export function parseJsonBodies(app: NestExpressApplication, bytesMax: number): void {
  app.useBodyParser('json', { limit: bytesMax, strict: true, type: isJson });
}

function isJson(request: IncomingMessage): boolean {
  const path = request.url ?? '';
  if (rawPaths.some((raw) => path === raw || path.startsWith(`${raw}/`) || path.startsWith(`${raw}?`))) return false;
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '');
}
