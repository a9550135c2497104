import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { ConfigTree } from '#config/schema';
import { EdgeModule, type EdgeParts } from '#http/edge.module';
import { parseJsonBodies } from '#http/json-body';
import { nestLogger } from '#http/nest-logger';
import { serveOpenApi, type ApiDescription } from '#http/open-api';
import type { Metrics } from '#telemetry/metrics';

export interface HttpServerParts extends EdgeParts {
  readonly http: ConfigTree['http'];
  readonly api: ApiDescription;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Turns new requests away, lets those in hand finish, then stops the services. */
  close(): Promise<void>;
}

/** Starts the services' modules and serves their routes on one port. Rejects when the port is taken. */
export async function serveHttp({ http, api, ...edge }: HttpServerParts): Promise<HttpServer> {
  const app = await NestFactory.create<NestExpressApplication>(EdgeModule.register(edge), {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(edge.logger),
  });
  app.use(helmet());
  app.use(countRequests(edge.metrics));
  parseJsonBodies(app, http.bodyBytesMax);
  app.set('etag', false);
  serveOpenApi(app, api);
  try {
    await app.listen(http.port, http.host);
  } catch (error) {
    await app.close();
    throw error;
  }
  const server = app.getHttpServer() as Server;
  const { port } = server.address() as AddressInfo;
  const host = http.host.includes(':') ? `[${http.host}]` : http.host === '0.0.0.0' ? '127.0.0.1' : http.host;
  return {
    url: `http://${host}:${port}`,
    port,
    async close() {
      edge.health.stopping();
      const cut = setTimeout(() => server.closeAllConnections(), http.stopMs);
      server.closeIdleConnections();
      await app.close().finally(() => clearTimeout(cut));
    },
  };
}

const countRequests = (metrics: Metrics) => (_request: Request, response: Response, next: NextFunction) => {
  response.once('finish', () => metrics.requests.inc({ status: `${Math.floor(response.statusCode / 100)}xx` }));
  next();
};
