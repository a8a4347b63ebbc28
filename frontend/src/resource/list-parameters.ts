import type { TextKey, Words } from '@/language/texts';
import { onlyAllowed, type useAddress } from '@/ui/hooks/use-address';
import type { Preferences } from '@/ui/preferences/choices';
import { instantOf } from './moment';

export type Address = Pick<ReturnType<typeof useAddress>, 'get' | 'list' | 'set'>;

/** One way to narrow a list: a key of the address, the field of the server's filter that it sets, and its control. */
export type FilterSpec<Filter> = {
  key: string;
  field: keyof Filter & string;
  label: TextKey;
} /** Plain words. */ & (
  | { control: 'search' }
  /** Set by links only. */
  | { control: 'link' }
  | ({
      /** What one writes before the colon. */
      token: string;
    } & (
      | { control: 'text' }
      /** A day or a time: where it begins or where it ends. */
      | { control: 'time'; edge: 'begin' | 'end' }
      /** A Kubernetes label selector. */
      | { control: 'selector' }
      | {
          control: 'choice';
          /** All that may be chosen, and the words for it. */
          values: readonly string[];
          words: Words;
          groupOf?: (value: string) => TextKey;
          /** The server asks yes or no: the value that means yes. */
          yes?: string;
        }
      | {
          /** One of those that are known by a name. */
          control: 'named';
          /** The values that are known now, each with its name. */
          known: () => ReadonlyMap<string, string>;
        }
      | {
          /** Any values; some that begin with what is written are suggested. */
          control: 'suggestion';
          /** Not called for while `part` is null. */
          useSuggestions: (part: string | null) => { data?: string[] };
        }
    ))
);

export interface Order<Field extends string = string> {
  field: Field;
  direction: 'ASC' | 'DESC';
}

/** What a list may be sorted by. */
export interface OrderSpec<Field extends string = string> {
  fields: readonly Field[];
  initial: Order<Field>;
}

/** The server's filter that the address asks for. What a closed list does not hold is left out. */
export function readFilter<Filter>(
  address: Pick<Address, 'get' | 'list'>,
  specs: readonly FilterSpec<Filter>[],
  zone: Preferences['zone'] = 'local',
): Partial<Filter> {
  const entries = specs.flatMap((spec) => {
    const value = read(address, spec, zone);
    return value === false || value === true || value.length > 0 ? [[spec.field, value] as const] : [];
  });
  return Object.fromEntries(entries) as Partial<Filter>;
}

function read(
  address: Pick<Address, 'get' | 'list'>,
  spec: FilterSpec<never>,
  zone: Preferences['zone'],
): string | string[] | boolean {
  switch (spec.control) {
    case 'choice': {
      const values = onlyAllowed(address.list(spec.key), spec.values);
      // Both of them leave nothing out.
      if (spec.yes) return values.length === 1 ? values[0] === spec.yes : '';
      return values;
    }
    case 'suggestion':
      return address.list(spec.key);
    case 'time':
      return instantOf(address.get(spec.key), spec.edge, zone) ?? '';
    default:
      return address.get(spec.key);
  }
}

/** How an order is written in the address. */
export function orderText({ field, direction }: Order): string {
  return `${field}-${direction}`;
}

/** The order that the address asks for; the initial one where it asks for none that exists. */
export function readOrder<Field extends string>(
  address: Pick<Address, 'list'>,
  spec: OrderSpec<Field>,
): Order<Field> {
  const [wanted] = address.list('sort');
  return ordersOf(spec).find((order) => orderText(order) === wanted) ?? spec.initial;
}

function ordersOf<Field extends string>({ fields }: OrderSpec<Field>): Order<Field>[] {
  return fields.flatMap((field) => (['ASC', 'DESC'] as const).map((direction) => ({ field, direction })));
}

/** For each key of the address that takes values of a closed list: those values. */
export function closedLists(
  specs: readonly FilterSpec<never>[],
  order: OrderSpec | undefined,
): Record<string, readonly string[]> {
  const choices = specs.flatMap((spec) =>
    spec.control === 'choice' ? [[spec.key, spec.values] as const] : [],
  );
  return { ...Object.fromEntries(choices), ...(order && { sort: ordersOf(order).map(orderText) }) };
}
