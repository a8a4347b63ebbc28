import { CommandOutcomeFragmentDoc, TypedDocumentString } from '@/graphql/generated/graphql';
import type { Command } from './api';

/** The mutation of a verb that takes nothing but its object. The server says which verbs these are. */
export function commandOf(verb: string): Command['document'] {
  const field = verb.charAt(0).toLowerCase() + verb.slice(1);
  return new TypedDocumentString(
    `mutation ${verb}($input: ObjectInput!) { ${field}(input: $input) { ...CommandOutcome } }${CommandOutcomeFragmentDoc}`,
  );
}
