/** What an operator can get wrong, or meet. */
export type CliFailureCode =
  | 'no-key'
  | 'bad-key'
  | 'bad-secret'
  | 'bad-option'
  | 'unreadable-file'
  | 'invalid-module-type'
  | 'refused'
  | 'not-found'
  | 'redis-away'
  | 'bad-configuration'
  | 'not-done'
  | 'work-rests';

/** A command that cannot be carried out; `message` says what to do instead, and holds no secret. */
export class CliFailure extends Error {
  readonly code: CliFailureCode;

  constructor(code: CliFailureCode, message: string) {
    super(message);
    this.name = 'CliFailure';
    this.code = code;
  }
}
