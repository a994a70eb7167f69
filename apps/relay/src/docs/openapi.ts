import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** The endpoints as OpenAPI at `/openapi.json`, and for people at `/docs`, from the package alone. */
export function serveOpenApi(app: NestExpressApplication, version: string): void {
  const description = new DocumentBuilder()
    .setTitle('SecurityTrails relay')
    .setDescription('Enrichment of Cisco XDR (formerly SecureX) from SecurityTrails, in CTIM.')
    .setVersion(version)
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'SecurityTrails relay',
  });
}
