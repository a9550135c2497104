import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Request, Response } from 'express';

export interface ApiDescription {
  readonly title: string;
  readonly version: string;
}

/** OpenAPI 3 of the process's routes, as `/openapi.json` serves it. */
export const describeApi = (app: NestExpressApplication, { title, version }: ApiDescription): OpenAPIObject =>
  SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle(title)
      .setVersion(version)
      .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' }, 'apiKey')
      .addSecurityRequirements('apiKey')
      .build(),
  );

export function serveOpenApi(app: NestExpressApplication, description: ApiDescription): void {
  let document: string | undefined;
  app.use('/openapi.json', (_request: Request, response: Response) => {
    document ??= JSON.stringify(describeApi(app, description));
    response.type('application/json').send(document);
  });
}
