import { defaultFieldResolver, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';

import type { OpsContext } from '../ops.context.js';
import { OpsError } from '../ops.errors.js';

type Resolver = GraphQLFieldResolver<unknown, Partial<OpsContext>>;

/** Lets every field of a schema that waits for something wait only as long as its request may take. */
export function withDeadlines(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) && !type.name.startsWith('__')) {
      for (const field of Object.values(type.getFields())) {
        limit(field as GraphQLField<unknown, Partial<OpsContext>>);
      }
    }
  }
  return schema;
}

function limit(field: GraphQLField<unknown, Partial<OpsContext>>): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  const limited: Resolver = (source, args, context, info) => {
    const { deadline } = context;
    if (deadline?.aborted === true) {
      throw late();
    }
    const value: unknown = resolve(source, args, context, info);
    return value instanceof Promise && deadline ? inTime(value, deadline) : value;
  };
  field.resolve = limited;
}

/** @throws OpsError UNAVAILABLE when the deadline comes first. */
export async function inTime<T>(value: Promise<T>, deadline: AbortSignal): Promise<T> {
  const over = Promise.withResolvers<never>();
  const onAbort = (): void => {
    over.reject(late());
  };
  deadline.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([value, over.promise]);
  } finally {
    deadline.removeEventListener('abort', onAbort);
  }
}

function late(): OpsError {
  return new OpsError('UNAVAILABLE', 'It took too long. Ask for less at a time.');
}
