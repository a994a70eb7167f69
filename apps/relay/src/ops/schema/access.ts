import { Extensions } from '@nestjs/graphql';
import { GraphQLError, isObjectType, Kind } from 'graphql';
import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql';

import { ROLES } from '../auth/operator.js';
import type { Role } from '../auth/operator.js';
import type { CostQuestion } from '../limits/query-cost.js';

/** Says which role a query, mutation or subscription needs. One that says nothing needs ADMIN. */
export function Needs(role: Role): MethodDecorator {
  return Extensions({ role });
}

/** The highest role that the root fields of a valid operation need. */
export function neededRole({ schema, document, operation }: Omit<CostQuestion, 'variables'>): Role {
  const root = schema.getRootType(operation.operation);
  if (!isObjectType(root)) {
    throw new GraphQLError('The schema has no such operation.');
  }
  const fields = root.getFields();
  const names = rootFields(operation.selectionSet, fragmentsOf(document.definitions));
  const ranks = [...names].map((name) =>
    name.startsWith('__') ? 0 : ROLES.indexOf(roleOf(fields[name]?.extensions['role'])),
  );
  return ROLES[Math.max(0, ...ranks)] ?? 'ADMIN';
}

/** Denies by default. */
function roleOf(given: unknown): Role {
  return ROLES.find((role) => role === given) ?? 'ADMIN';
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf(definitions: CostQuestion['document']['definitions']): Fragments {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition] as const]
        : [],
    ),
  );
}

function rootFields(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  found = new Set<string>(),
): Set<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      found.add(selection.name.value);
      continue;
    }
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : (fragments.get(selection.name.value) ?? {});
    if (selectionSet) {
      rootFields(selectionSet, fragments, found);
    }
  }
  return found;
}
