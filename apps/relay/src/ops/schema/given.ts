/** The fields of an input that hold something; GraphQL tells null from absent, filters need not. */
export type Given<T> = { -readonly [Key in keyof T]?: NonNullable<T[Key]> };

/** An input without what is null or absent. */
export function given<T extends object>(input: T | null | undefined): Given<T> {
  return Object.fromEntries(
    Object.entries(input ?? {}).filter(([, value]) => value !== null && value !== undefined),
  ) as Given<T>;
}
