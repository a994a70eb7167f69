import { Kind, parse, visit } from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

import { OpsError } from '../ops.errors.js';

/** What a document may hold, before anything is validated, let alone executed. */
export const DOCUMENT_LIMITS = {
  /** Words and signs; a string is one, however long. */
  tokens: 3_000,
  /** Fields and spreads as written. */
  selections: 500,
  /** The same with every spread written out. */
  expanded: 2_000,
  depth: 16,
  aliases: 30,
  directives: 30,
  operations: 10,
} as const;

/**
 * Parses a document and refuses what is too large to be looked at further. Validation takes time by
 * the square of what stands in one selection; this comes before it.
 *
 * @throws OpsError BAD_USER_INPUT, also for what is no GraphQL.
 */
export function readDocument(source: string): DocumentNode {
  const document = parsed(source);
  const counts = countsOf(document);
  for (const name of ['selections', 'aliases', 'directives', 'operations'] as const) {
    refuseOver(name, counts[name]);
  }
  const walk = new Expansion(document);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      walk.into(definition.selectionSet, 1);
    }
  }
  return document;
}

function parsed(source: string): DocumentNode {
  try {
    return parse(source, { maxLexicalTokens: DOCUMENT_LIMITS.tokens });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'Syntax Error';
    throw new OpsError('BAD_USER_INPUT', message, { cause: error });
  }
}

type Counted = 'selections' | 'aliases' | 'directives' | 'operations';

function countsOf(document: DocumentNode): Readonly<Record<Counted, number>> {
  const counts: Record<Counted, number> = {
    selections: 0,
    aliases: 0,
    directives: 0,
    operations: 0,
  };
  visit(document, {
    Field: ({ alias }) => {
      counts.selections += 1;
      counts.aliases += alias === undefined ? 0 : 1;
    },
    FragmentSpread: () => {
      counts.selections += 1;
    },
    InlineFragment: () => {
      counts.selections += 1;
    },
    Directive: () => {
      counts.directives += 1;
    },
    OperationDefinition: () => {
      counts.operations += 1;
    },
  });
  return counts;
}

/** Goes through operations with their spreads written out, as far as the limits let it. */
class Expansion {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  #count = 0;

  constructor({ definitions }: DocumentNode) {
    this.#fragments = new Map(
      definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION
          ? [[definition.name.value, definition] as const]
          : [],
      ),
    );
  }

  into({ selections }: SelectionSetNode, depth: number): void {
    refuseOver('depth', depth);
    for (const selection of selections) {
      this.#count += 1;
      refuseOver('expanded', this.#count);
      const next = this.#setOf(selection);
      if (next !== undefined) {
        // A fragment that holds itself goes on until a limit is met.
        this.into(next, selection.kind === Kind.FIELD ? depth + 1 : depth);
      }
    }
  }

  #setOf(selection: SelectionNode): SelectionSetNode | undefined {
    return selection.kind === Kind.FRAGMENT_SPREAD
      ? this.#fragments.get(selection.name.value)?.selectionSet
      : selection.selectionSet;
  }
}

function refuseOver(name: keyof typeof DOCUMENT_LIMITS, count: number): void {
  const limit = DOCUMENT_LIMITS[name];
  if (count > limit) {
    throw new OpsError('BAD_USER_INPUT', `The document is over the limit of ${limit} ${name}.`);
  }
}
