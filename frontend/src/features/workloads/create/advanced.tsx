import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '@/ui/controls/field';
import { addEntry, entriesOf, type Path, removeEntry, setEntry } from '@/ui/editor/yaml/nodes';
import { ChoiceField } from './fields';
import { useManifestForm } from './form-context';
import { type Change, removePodLabel, setPodLabel } from './model/edits';
import { podLabelsPath, ruleOf, SELECTOR, templatePath } from './model/kinds';
import { placeOf, textOf } from './model/manifest';
import { Row, Rows, Section } from './section';

const LABELS = ['metadata', 'labels'];

export function Advanced() {
  const { t } = useTranslation();
  const { manifest, apply } = useManifestForm();
  const { kind } = manifest;
  const { hasSelector, ends } = ruleOf(kind);
  const selector = entriesOf(manifest, SELECTOR).map(([key, value]) => `${key}=${textOf(value)}`);
  return (
    <Section title={t('create.advanced')} summary={t('create.advancedHint')} testId="section-advanced">
      <Labels
        path={LABELS}
        title={t('create.labels')}
        hint={t('create.labelsHint', { kind })}
        change={(index, entry) => (document) => setEntry(document, LABELS, index, entry)}
        remove={(index) => apply((document) => removeEntry(document, LABELS, index))}
      />
      <Labels
        path={podLabelsPath(kind)}
        title={t('create.podLabels')}
        hint={
          hasSelector && selector.length > 0
            ? t('create.podLabelsHint', { selector: selector.join(t('mark.comma')) })
            : undefined
        }
        change={(index, entry) => setPodLabel(kind, index, entry)}
        remove={(index) => apply(removePodLabel(kind, index))}
      />
      {ends && (
        <ChoiceField
          path={[...templatePath(kind), 'spec', 'restartPolicy']}
          label={t('create.restartPolicy')}
          options={['Never', 'OnFailure'].map((value) => ({ value, label: value }))}
        />
      )}
    </Section>
  );
}

interface LabelsProps {
  path: Path;
  title: string;
  hint?: string;
  change: (index: number, entry: { key?: string; value?: string }) => Change;
  remove: (index: number) => void;
}

function Labels({ path, title, hint, change, remove }: LabelsProps) {
  const { t } = useTranslation();
  const { manifest, apply, wrong } = useManifestForm();
  const error = wrong(path);
  return (
    <fieldset className="form-group">
      <legend>{title}</legend>
      {hint && <p className="quiet">{hint}</p>}
      <Rows
        id={placeOf(path)}
        text={t('create.addLabel')}
        add={() => apply((document) => addEntry(document, path, '', ''))}
      >
        {entriesOf(manifest, path).map(([key, value], index) => {
          const id = placeOf([...path, index]);
          const input = (part: 'key' | 'value', text: string) => {
            const place = part === 'key' ? id : `${id}.value`;
            return (
              <Field id={place} label={t(`create.${part}`)}>
                <Input
                  id={place}
                  value={text}
                  autoComplete="off"
                  onChange={({ target }) => apply(change(index, { [part]: target.value }), place)}
                />
              </Field>
            );
          };
          return (
            <Row
              // biome-ignore lint/suspicious/noArrayIndexKey: a label is its place in the manifest
              key={index}
              label={t('create.labelOf', { key: key || `#${index + 1}` })}
              error={wrong([...path, index])}
              removal={t('create.removeLabel', { key: key || `#${index + 1}` })}
              remove={() => remove(index)}
            >
              {input('key', key)}
              {input('value', textOf(value))}
            </Row>
          );
        })}
      </Rows>
      {error && (
        <div className="bad-text" role="alert">
          {error}
        </div>
      )}
    </fieldset>
  );
}
