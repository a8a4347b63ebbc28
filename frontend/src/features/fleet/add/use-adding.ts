import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Check, useClusterRequest } from '../use-cluster-request';
import {
  type Draft,
  type DraftField,
  emptyFields,
  fieldOf,
  inputOf,
  isSameConnection,
  NO_DRAFT,
} from './draft';

interface Refusal {
  text: string;
  /** The field that it is about; null where it is about none that is shown. */
  field: DraftField | null;
}

/** The form of a new cluster: it is checked first, and added as it was checked. */
export function useAdding(added: (name: string) => void) {
  const { t } = useTranslation();
  const { check, register, isBusy } = useClusterRequest();
  const [draft, setDraft] = useState(NO_DRAFT);
  const [checked, setChecked] = useState<{ draft: Draft; check?: Check } | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isTried, setIsTried] = useState(false);
  // An answer may come when the form says something else.
  const newest = useRef(draft);
  newest.current = draft;

  const current = checked && isSameConnection(checked.draft, draft) ? checked : null;
  const empty = isTried ? emptyFields(draft) : [];

  const change = (changes: Partial<Draft>) => {
    setRefusal(null);
    setDraft((old) => ({ ...old, ...changes }));
  };

  /** Whether all is filled in; if not, the first field that is empty gets the focus. */
  const isFilled = () => {
    setIsTried(true);
    const [first] = emptyFields(draft);
    if (first) document.getElementById(first)?.focus();
    return !first;
  };

  const runCheck = async () => {
    if (isBusy || !isFilled()) return;
    setRefusal(null);
    setChecked({ draft });
    const { check: result, failure } = await check(inputOf(draft));
    if (!isSameConnection(newest.current, draft)) return;
    setChecked(result ? { draft, check: result } : null);
    if (failure) setRefusal({ text: failure, field: null });
  };

  const add = async () => {
    if (isBusy || !isFilled() || !current?.check?.ok) return;
    setRefusal(null);
    const outcome = await register(inputOf(draft));
    if (!outcome.cluster) {
      setRefusal({ text: outcome.refusal, field: fieldOf(outcome.refused?.field, draft) });
      return;
    }
    // Nothing of the credentials stays behind.
    setDraft(NO_DRAFT);
    setChecked(null);
    setIsTried(false);
    added(outcome.cluster.name);
  };

  return {
    draft,
    change,
    /** Null where nothing was checked, or something else. */
    checked: current,
    /** Whether what was checked is not what the form says now. */
    isStale: checked !== null && current === null,
    isBusy,
    refusal: refusal?.field ? null : (refusal?.text ?? null),
    wrong: (field: DraftField): string | null => {
      if (empty.includes(field)) return t('addCluster.empty');
      return refusal?.field === field ? refusal.text : null;
    },
    runCheck,
    add,
  };
}
