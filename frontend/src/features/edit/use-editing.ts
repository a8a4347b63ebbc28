import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ApplyManifestsDocument, type ApplyManifestsMutation } from '@/graphql/generated/graphql';
import { objectPath } from '@/resource/path';
import { type Result, useCommand } from '@/resource/use-command';
import { reconcile } from '@/ui/editor/yaml/reconcile';
import type { EditedObject, ManifestInput, PreviewConflict } from './api';
import type { Ownership } from './apply-conflicts';
import { documentsOf, kindIdOf, type ManifestDocument } from './documents';
import type { Base, Draft } from './drafts';
import type { Merged } from './merge';
import { useDraft } from './use-draft';
import { usePreview } from './use-preview';

type Outcome = ApplyManifestsMutation['applyManifests'];
export type Step = 'edit' | 'review' | 'follow';

/** What an edit begins with. */
export interface Start {
  text: string;
  /** Null for new documents. */
  base: Base | null;
  /** What was kept of an earlier visit. */
  draft: Draft | null;
}

interface UseEditing {
  /** Null for new documents. */
  object: EditedObject | null;
  cluster: string | undefined;
  namespace: string;
  start: Start;
}

const NO_RESULT: Result<Outcome> = { accepted: null, refused: null, refusal: null };
const NOTHING_TAKEN: ReadonlyMap<string, readonly string[]> = new Map();
/** The draft of documents that are not there yet. */
export const NEW = 'new';

/** One text on its way into the cluster: written, previewed, applied and followed to its end. */
export function useEditing({ object, cluster, namespace, start }: UseEditing) {
  const router = useRouter();
  const { draft } = start;
  const [text, setText] = useState(draft?.text ?? start.text);
  const [base, setBase] = useState(draft ? draft.base : start.base);
  const [operation, setOperation] = useState(draft?.operation ?? null);
  const [step, setStep] = useState<Step>(draft?.operation ? 'follow' : 'edit');
  const [taken, setTaken] = useState(NOTHING_TAKEN);
  const [others, setOthers] = useState<ReadonlyMap<string, readonly PreviewConflict[]>>(new Map());
  const [reason, setReason] = useState('');
  const [result, setResult] = useState(NO_RESULT);
  const command = useCommand<Outcome>();
  const preview = usePreview();
  const isChanged = text !== (base?.text ?? start.text);
  const kept = useDraft({ of: object?.id ?? NEW, text, base, isChanged, operation });

  const inputOf = (manifests: string, from: Base | null, owned = taken): ManifestInput => ({
    cluster: cluster ?? '',
    manifests,
    defaultNamespace: namespace || null,
    basedOn: object && from && [basedOn(object, from)],
    takeOver: owned.size > 0 ? [...owned].flatMap(ownershipOf) : null,
  });
  const isCurrent =
    preview.previewed !== null && preview.previewed.of === JSON.stringify(inputOf(text, base));
  const objects = isCurrent ? (preview.previewed?.objects ?? null) : null;

  const run = async (manifests = text, from = base, owned = taken) => {
    setResult(NO_RESULT);
    const found = await preview.run(inputOf(manifests, from, owned));
    // Once somebody has chosen, the server no longer names them.
    const named = (found ?? []).flatMap(({ id, conflicts }) =>
      id && conflicts.length > 0 ? [[id, conflicts] as const] : [],
    );
    if (named.length > 0) setOthers((known) => new Map([...known, ...named]));
  };

  const ownership: Ownership = {
    conflictsOf: (id) => others.get(id) ?? [],
    takenOf: (id) => taken.get(id) ?? [],
    settle: (id, paths) => {
      const next = new Map(taken).set(id, paths);
      setTaken(next);
      void run(text, base, next);
    },
  };

  const apply = async () => {
    setResult(NO_RESULT);
    const input = { ...inputOf(text, base), reason: reason.trim() || null };
    const answered = await command.run(ApplyManifestsDocument, input);
    setResult(answered);
    const { accepted, refused } = answered;
    // The conflicts of an edit are shown by themselves; what else is in the way, a new preview says.
    if (refused?.code === 'CONFLICT' && !object) void run();
    if (accepted?.__typename === 'BatchAccepted') {
      kept.drop();
      router.push(objectPath('batches', accepted.batch.id));
    } else if (accepted) {
      setOperation(accepted.operation.id);
      setStep('follow');
    }
  };

  /** The document of the edited object, among others that may have been written beside it. */
  const own = () => {
    const documents = documentsOf(text);
    return documents.find((one) => object && isOf(one, object)) ?? documents[0];
  };

  return {
    text,
    base,
    step,
    isChanged,
    kept,
    operation,
    ownership,
    reason,
    setReason,
    result,
    objects,
    previewError: isCurrent ? (preview.previewed?.error ?? null) : null,
    previewedAt: preview.previewed?.at ?? null,
    isBusy: preview.isLoading || command.isLoading,
    isApplying: command.isLoading,
    write: (written: string) => {
      // The editor reports also what it was given.
      if (written === text) return;
      setText(written);
      setOperation(null);
      setResult(NO_RESULT);
      preview.clear();
      // What was chosen was about the fields of the text before.
      setTaken(NOTHING_TAKEN);
      setOthers(new Map());
      setStep('edit');
    },
    review: () => {
      setStep('review');
      return run();
    },
    toText: () => {
      setOperation(null);
      setStep('edit');
    },
    apply,
    own: () => {
      const found = own();
      return found ? text.slice(found.from, found.to) : text;
    },
    settle: (value: Merged['value'], from: Base) => {
      const found = own() ?? { from: 0, to: text.length };
      const before = text.slice(found.from, found.to);
      const merged = text.slice(0, found.from) + reconcile(before, value ?? null) + text.slice(found.to);
      setText(merged);
      setBase(from);
      void run(merged, from);
    },
  };
}

export type Editing = ReturnType<typeof useEditing>;

/** The object as a whole: as no field is named, all stay with the others. */
const NO_FIELD = '.';

function ownershipOf([id, paths]: readonly [string, readonly string[]]) {
  return (paths.length > 0 ? paths : [NO_FIELD]).map((path) => ({ id, path }));
}

/** The log has no manifest of a kind that is not recorded, nor of a pod. */
function basedOn({ id, kind }: EditedObject, { version, text }: Base) {
  return kind.recorded && kind.id !== 'Pod' ? { id, version } : { id, version, manifest: text };
}

function isOf({ apiVersion, kind, name }: ManifestDocument, object: EditedObject): boolean {
  return kindIdOf(apiVersion, kind) === object.kind.id && name === object.name;
}
