import {
  getArgumentValues,
  getNamedType,
  getVariableValues,
  GraphQLError,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
} from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLNamedType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

/** Most that one operation may cost. */
export const MOST_COST = 5_000;

/** What a list without `first` is taken to hold. */
const USUAL_LIST = 10;
/** All that an introspection costs; its own depth is limited by the validation. */
const INTROSPECTION = 100;

export interface CostQuestion {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * What a valid operation costs at most, by what is written in it: an object 1 unless its field says
 * otherwise (`complexity`), a value nothing; what lies under a page counts `first` times, under
 * another list {@link USUAL_LIST} times.
 */
export function costOf(question: CostQuestion): number {
  const { schema, operation, variables } = question;
  const root = schema.getRootType(operation.operation);
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return root ? new Walk(question, coerced.coerced ?? {}).setCost(operation.selectionSet, root) : 0;
}

/** The cost of one such object, without what is selected in it. */
export function ownCost({ extensions, type }: GraphQLField<unknown, unknown>): number {
  const { complexity } = extensions;
  return typeof complexity === 'number' ? complexity : isCompositeType(getNamedType(type)) ? 1 : 0;
}

class Walk {
  readonly #question: CostQuestion;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(question: CostQuestion, variables: Readonly<Record<string, unknown>>) {
    this.#question = question;
    this.#variables = variables;
    this.#fragments = new Map(
      question.document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION
          ? [[definition.name.value, definition] as const]
          : [],
      ),
    );
  }

  setCost({ selections }: SelectionSetNode, type: GraphQLNamedType): number {
    return selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) {
        return sum + this.#fieldCost(selection, type);
      }
      const { typeCondition, selectionSet } =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : (this.#fragments.get(selection.name.value) ?? {});
      const narrowed = typeCondition && this.#question.schema.getType(typeCondition.name.value);
      return selectionSet ? sum + this.setCost(selectionSet, narrowed ?? type) : sum;
    }, 0);
  }

  #fieldCost(node: FieldNode, parent: GraphQLNamedType): number {
    if (node.name.value.startsWith('__')) {
      return node.selectionSet === undefined ? 0 : INTROSPECTION;
    }
    const field =
      isObjectType(parent) || isAbstractType(parent) ? fieldOf(parent, node.name.value) : undefined;
    if (field === undefined) {
      return 0;
    }
    const under = node.selectionSet ? this.setCost(node.selectionSet, getNamedType(field.type)) : 0;
    return ownCost(field) + this.#times(field, node) * under;
  }

  #times(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
    if (field.args.some(({ name }) => name === 'first')) {
      const { first } = this.#argumentsOf(field, node);
      return typeof first === 'number' ? Math.max(1, first) : USUAL_LIST;
    }
    // The nodes of a page were counted at its head.
    const isOfPage = node.name.value === 'nodes' || node.name.value === 'edges';
    return isList(field.type) && !isOfPage ? USUAL_LIST : 1;
  }

  #argumentsOf(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
  ): Readonly<Record<string, unknown>> {
    try {
      return getArgumentValues(field, node, this.#variables);
    } catch (error) {
      // A variable that does not fit is refused by the execution, in its own words.
      if (error instanceof GraphQLError) {
        return {};
      }
      throw error;
    }
  }
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return 'getFields' in type
    ? (type.getFields()[name] as GraphQLField<unknown, unknown> | undefined)
    : undefined;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
