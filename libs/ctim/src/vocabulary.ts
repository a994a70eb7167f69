/** How sure a source is (ctim 2). Closed. */
export const CONFIDENCES = ['Info', 'Low', 'Medium', 'High', 'None', 'Unknown'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** How bad it is: the confidences and one more (ctim 2). Closed. */
export const SEVERITIES = [...CONFIDENCES, 'Critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Traffic light protocol, in the words CTIM knows; "clear" is not among them (ctim 2). Closed. */
export const TLP_COLOURS = ['red', 'amber', 'green', 'white'] as const;
export type TlpColour = (typeof TLP_COLOURS)[number];

/** What a data table's column may hold (ctim 4). Closed. */
export const COLUMN_TYPES = [
  'string',
  'markdown',
  'integer',
  'number',
  'url',
  'observable',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];
