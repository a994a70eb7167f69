import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import type { Type } from '@nestjs/common';

import { OpsError } from '../ops.errors.js';

const MOST_A_PAGE = 100;

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20, description: 'How many, 1 to 100.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor after which to go on.' })
  after?: string | null;
}

@ArgsType()
export class HistoryPageArgs {
  @Field(() => Int, { nullable: true, defaultValue: 50, description: 'How many, 1 to 100.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor after which to go on.' })
  after?: string | null;
}

/** Which page is wanted. */
export interface PageWish {
  readonly first: number;
  readonly after?: string;
}

/** @throws OpsError BAD_USER_INPUT */
export function pageWish({ first, after }: PageArgs, usual = 20): PageWish {
  const count = first ?? usual;
  if (count < 1 || count > MOST_A_PAGE) {
    throw new OpsError('BAD_USER_INPUT', `first is not from 1 to ${MOST_A_PAGE}.`);
  }
  return { first: count, ...(after !== undefined && after !== null && { after }) };
}

@ObjectType('PageInfo', { description: 'Where a page lies among the others.' })
export class PageInfoObject {
  @Field(() => Boolean, { description: 'Whether more follows.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the page was asked for after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first item.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last item.' })
  endCursor!: string | null;
}

/** A page as it is served; counting all is done when it is asked for. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfoObject;
  readonly totalCount: number | Promise<number>;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly cursorOf: (item: T) => string;
  readonly hasMore: boolean;
  readonly total: number | (() => Promise<number>);
}

export function connection<T>(wish: PageWish, paged: Paged<T>): Connection<T> {
  const edges = paged.items.map((node) => ({ cursor: paged.cursorOf(node), node }));
  return {
    edges,
    nodes: paged.items,
    pageInfo: {
      hasNextPage: paged.hasMore,
      hasPreviousPage: wish.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    get totalCount() {
      return typeof paged.total === 'function' ? paged.total() : paged.total;
    },
  };
}

/** A page of what is at hand as a whole, in an order in which each item has one place. */
export function pageOf<T>(
  wish: PageWish,
  all: readonly T[],
  placeOf: (item: T) => string,
): Connection<T> {
  const after = wish.after === undefined ? '' : Buffer.from(wish.after, 'base64url').toString();
  const rest = all.filter((item) => placeOf(item) > after);
  return connection(wish, {
    items: rest.slice(0, wish.first),
    cursorOf: (item) => Buffer.from(placeOf(item)).toString('base64url'),
    hasMore: rest.length > wish.first,
    total: all.length,
  });
}

/** The object types of a connection: the page and its edges. */
export function connectionType<T extends object>(name: string, node: () => Type<T>) {
  @ObjectType(`${name}Edge`, { description: 'An item of a page, and where it lies.' })
  class EdgeObject {
    @Field(() => String, { description: 'Opaque; valid while other items come and go.' })
    cursor!: string;

    @Field(node, { complexity: 0, description: 'The item.' })
    node!: T;
  }
  @ObjectType(`${name}Connection`, { description: 'A page.' })
  class ConnectionObject {
    @Field(() => [EdgeObject], { complexity: 0, description: 'The items with their cursors.' })
    edges!: EdgeObject[];

    @Field(() => [node()], { complexity: 0, description: 'The items alone.' })
    nodes!: T[];

    @Field(() => PageInfoObject, { complexity: 0, description: 'Where the page lies.' })
    pageInfo!: PageInfoObject;

    @Field(() => Int, { description: 'How many there are on all pages.' })
    totalCount!: number;
  }
  return ConnectionObject;
}
