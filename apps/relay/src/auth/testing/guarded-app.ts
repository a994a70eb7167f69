import { Catch, Controller, Module, Post, Req, UseFilters, UseGuards } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Response } from 'express';

import { AuthModule } from '../auth.module.js';
import type { AuthModuleOptions } from '../auth.module.js';
import { AuthError } from '../auth.errors.js';
import type { Caller, CallerRequest } from '../caller.js';
import { RelayAuthGuard } from '../relay-auth.guard.js';

/** How a call ended: for whom, or why not. */
export interface Outcome {
  readonly caller?: Caller;
  readonly refusal?: { readonly mode: string; readonly reason: string; readonly message: string };
}

@Catch(AuthError)
class RefusalFilter implements ExceptionFilter<AuthError> {
  catch({ mode, reason, message }: AuthError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    response.status(200).json({ refusal: { mode, reason, message } });
  }
}

@Controller('observe')
@UseGuards(RelayAuthGuard)
@UseFilters(RefusalFilter)
class ObserveController {
  @Post('observables')
  observe(@Req() request: CallerRequest): Outcome {
    return request.caller === undefined ? {} : { caller: request.caller };
  }
}

/** A relay of one guarded route, over real HTTP. */
export class GuardedApp {
  private constructor(
    private readonly app: INestApplication,
    private readonly url: string,
  ) {}

  static async start(options: AuthModuleOptions): Promise<GuardedApp> {
    @Module({ imports: [AuthModule.register(options)], controllers: [ObserveController] })
    class RelayModule {}
    const app = await NestFactory.create(RelayModule, {
      logger: false,
      abortOnError: false,
    });
    await app.listen(0, '127.0.0.1');
    return new GuardedApp(app, await app.getUrl());
  }

  /** Calls with a whole Authorization header, or none. */
  async call(authorization?: string): Promise<Outcome> {
    const response = await fetch(`${this.url}/observe/observables`, {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
    });
    if (response.status > 201) {
      throw new Error(`HTTP ${response.status}`);
    }
    return (await response.json()) as Outcome;
  }

  async bearer(token: string): Promise<Outcome> {
    return this.call(`Bearer ${token}`);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}
