import { readFileSync } from 'node:fs';

import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLNamedType, GraphQLSchema } from 'graphql';

import { printedSchema } from '../../apps/relay/src/ops/ops.schema.js';

/** Of the contract, what is not served yet. The test fails for more and for less than these. */
const NOT_YET = [
  'AuditEvent',
  'AuditEventConnection',
  'AuditEventEdge',
  'AuditFilter',
  'CacheStats',
  'CacheStatsPoint',
  'CacheTypeStats',
  'CreateWebhookInput',
  'DeleteWebhookInput',
  'Delivery',
  'DeliveryConnection',
  'DeliveryEdge',
  'LatencyQuantiles',
  'Mutation.createWebhook',
  'Mutation.deleteWebhook',
  'Mutation.redeliver',
  'Mutation.testWebhook',
  'Mutation.updateWebhook',
  'Query.auditLog',
  'Query.cacheStats',
  'Query.deliveries',
  'Query.webhooks',
  'RedeliverInput',
  'RedeliverPayload',
  'RefreshProgress',
  'RefreshState',
  'StatsWindow',
  'Subscription',
  'TestWebhookInput',
  'UpdateWebhookInput',
  'Webhook',
  'WebhookFormat',
  'WebhookPayload',
];

let printed: string;
let served: GraphQLSchema;
let contract: GraphQLSchema;

beforeAll(async () => {
  printed = await printedSchema();
  served = buildSchema(printed);
  contract = buildSchema(readFileSync('test/contract/ops-api.graphql', 'utf8'));
});

/** Every part of a type as a line: its coordinate and its whole type, nullability and default. */
function linesOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) {
    return type.getValues().map(({ name }) => `${type.name}.${name}`);
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map(
      (field) =>
        `${type.name}.${field.name}: ${String(field.type)} = ${String(field.defaultValue)}`,
    );
  }
  return isObjectType(type) || isInterfaceType(type)
    ? [
        ...type.getInterfaces().map(({ name }) => `${type.name} implements ${name}`),
        ...Object.values(type.getFields()).flatMap((field) => [
          `${type.name}.${field.name}: ${String(field.type)}`,
          ...field.args.map(
            (one) =>
              `${type.name}.${field.name}(${one.name}): ${String(one.type)} = ${String(one.defaultValue)}`,
          ),
        ]),
      ]
    : [];
}

function own(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
}

describe('the served schema', () => {
  it('has every type, field, argument, default and nullability of the contract', () => {
    const has = new Set(own(served).flatMap((type) => [type.name, ...linesOf(type)]));
    const missing = own(contract).flatMap((type) =>
      has.has(type.name) ? linesOf(type).filter((line) => !has.has(line)) : [type.name],
    );
    const coordinates = missing.map((line) => line.replace(/[(:].*$/s, ''));
    expect([...new Set(coordinates)].sort()).toEqual(NOT_YET);
  });

  it('describes every type and every field', () => {
    const silent = own(served)
      .filter(({ name }) => !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name))
      .filter(({ name }) => name !== 'Query' && name !== 'Mutation')
      .flatMap((type) => [
        ...(type.description ? [] : [type.name]),
        ...('getFields' in type
          ? Object.values(type.getFields())
              .filter(({ description }) => !description)
              .map(({ name }) => `${type.name}.${name}`)
          : []),
      ]);
    expect(silent).toEqual([]);
  });

  it('says of every query and mutation which role it needs', () => {
    const roots = [served.getQueryType(), served.getMutationType()];
    const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
    const silent = fields.filter(
      ({ description }) => !/Needs: (?:VIEWER|OPERATOR|ADMIN)\./.test(description ?? ''),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(fields.length).toBeGreaterThan(25);
  });

  it('is the one in the documents', () => {
    expect(readFileSync('docs/schema.graphql', 'utf8')).toBe(printed);
  });
});
