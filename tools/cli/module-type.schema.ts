import { z } from 'zod';

const CAPABILITIES = [
  'health',
  'observe',
  'deliberate',
  'refer',
  'respond',
  'assets',
  'tiles',
  'detection_source',
  'device_insights',
  'incident/resolve',
  'notifications',
  'data_ingestion',
  'target_records',
  'automate',
  'threat_hunts',
] as const;

const SETTING_TYPES = [
  'string',
  'password',
  'api_key',
  'integer',
  'boolean',
  'options',
  'file',
  'device',
  'remote',
] as const;

const CATEGORIES = [
  'siem',
  'threat-intel',
  'email-security',
  'ndr',
  'rf-security',
  'cloud-firewall',
  'itsm',
  'edr',
  'cloud-security',
  'firewall',
] as const;

const text = z.string().min(1);
const image = z.string().startsWith('data:image/png;base64,');

const setting = z.strictObject({
  key: text,
  type: z.enum(SETTING_TYPES),
  label: text,
  required: z.boolean().optional(),
  tooltip: text.optional(),
  subtype: text.optional(),
  group: text.optional(),
  beta: z.boolean().optional(),
  default_value: z.unknown().optional(),
  options: z.array(z.strictObject({ value: text, label: text })).optional(),
  'strict-options': z.boolean().optional(),
});

const reference = z.strictObject({
  label: text,
  link: z.url(),
  external_id: text.optional(),
  class: text.optional(),
});

/** The fields that `POST /iroh/iroh-int/module-type` takes; it refuses any other (relay-protocol 2.4). */
export const moduleTypeSchema = z.strictObject({
  title: text,
  default_name: text,
  former_title: text.optional(),
  short_description: text.max(2048).optional(),
  description: text.max(5000).optional(),
  tips: text.optional(),
  logo: image.optional(),
  logo_dark: image.optional(),
  external_references: z.array(reference).optional(),
  configuration_spec: z.array(setting).optional(),
  capabilities: z.array(z.strictObject({ id: z.enum(CAPABILITIES), description: text })).optional(),
  properties: z.record(text, z.unknown()).optional(),
  product_categories: z
    .array(z.strictObject({ id: z.enum(CATEGORIES), description: text }))
    .optional(),
  flags: z.array(text).optional(),
  enabled: z.boolean().optional(),
  max_nb_instances: z.int().positive().optional(),
});

/** A module type as the platform takes it. */
export type ModuleType = z.infer<typeof moduleTypeSchema>;
