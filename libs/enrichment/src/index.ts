export { Answer } from './answer.js';
export { answerCodec } from './answer.codec.js';
export { AnswerDesk } from './answer-desk.js';
export { Document } from './document.js';
export { EnrichmentService } from './enrichment.service.js';
export type { EnrichmentParts } from './enrichment.service.js';
export type {
  AddressRecordType,
  Caller,
  EnrichmentSource,
  Errand,
  RecordInterval,
} from './enrichment-source.port.js';
export { HeldAnswers } from './held-answers.js';
export { heldEntry, prospectOf } from './holding.js';
export type { HeldAnswer, HeldEntry, Holding, Prospect } from './holding.js';
export type { LifeSettings } from './lives.js';
export type {
  Lookup,
  ObserveCall,
  Observed,
  ObserveProblem,
  Outcome,
  Refresher,
} from './observe.js';
export { EnrichmentFailure, failureCodec, PROBLEM_CODES, problemOf } from './problem.js';
export type { Problem, ProblemCode } from './problem.js';
export { referral } from './refer.js';
export type { Referral } from './refer.js';
export type { Reading, Refreshed, RefreshPlan } from './refresh.js';
export { TenantDigest } from './tenant-digest.js';
export { enrichmentSources } from './sources/index.js';
export { callResultOf } from './sources/securitytrails/call-result.js';
export { SecurityTrailsUpstream } from './sources/securitytrails/upstream.js';
export type { MadeCall } from './sources/securitytrails/upstream.js';
