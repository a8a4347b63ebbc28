/** The values of an enum of the schema, in the order of a record over them. The compiler holds the record complete. */
export function valuesOf<Value extends string>(record: Record<Value, unknown>): Value[] {
  return Object.keys(record) as Value[];
}
