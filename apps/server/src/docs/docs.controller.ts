import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { JSON_TYPE } from '../http/answers';
import { Problem } from '../http/problem';
import { PARAMETERS } from '../http/validation';
import { OPENAPI_JSON } from '../openapi/document';
import { NoParameters } from '../queries/list-parameters';
import { CONTENT_SECURITY_POLICY, DOCS_PAGE, PROBLEMS_PAGE, START_SCRIPT } from './pages';

/** The files of Swagger UI that the page loads. Nothing else of the package is served. */
const ASSETS: { readonly [name: string]: string } = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

@Controller()
export class DocsController {
  @Get('openapi.json')
  openapi(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    send(reply, JSON_TYPE, OPENAPI_JSON);
  }

  @Get('docs')
  docs(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    send(reply, 'text/html; charset=utf-8', DOCS_PAGE);
  }

  @Get('docs/problems')
  problems(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    send(reply, 'text/html; charset=utf-8', PROBLEMS_PAGE);
  }

  @Get('docs/assets/:name')
  async asset(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    if (name === 'start.js') return send(reply, 'text/javascript; charset=utf-8', START_SCRIPT);
    const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (type === undefined) throw new Problem('notFound', 'The docs page has no such file.');
    send(reply, type, await readFile(join(dirname(require.resolve('swagger-ui-dist/package.json')), name)));
  }
}

function send(reply: FastifyReply, type: string, content: string | Buffer): void {
  void reply
    .header('content-type', type)
    .header('content-security-policy', CONTENT_SECURITY_POLICY)
    .header('x-content-type-options', 'nosniff')
    .send(content);
}
