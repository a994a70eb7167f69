/** What can stop a demo. */
export type DemoFailureCode =
  'port-taken' | 'process-ended' | 'not-ready' | 'call-failed' | 'story-failed';

/** Why the demo cannot go on; `message` is written for the person in front of the terminal. */
export class DemoFailure extends Error {
  readonly code: DemoFailureCode;
  /** The process whose log may say more. */
  readonly processName: string | undefined;

  constructor(code: DemoFailureCode, message: string, processName?: string) {
    super(message);
    this.name = 'DemoFailure';
    this.code = code;
    this.processName = processName;
  }
}
