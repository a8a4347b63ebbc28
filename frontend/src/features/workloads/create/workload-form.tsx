import { useTranslation } from 'react-i18next';
import { Advanced } from './advanced';
import { Basics } from './basics';
import { ContainerSection } from './container-section';
import { FormContext } from './form-context';
import { addContainer } from './model/edits';
import { containersPath } from './model/kinds';
import { listAt, placeOf } from './model/manifest';
import { OnlyInYaml } from './only-in-yaml';
import { AddButton } from './section';

interface WorkloadFormProps {
  form: FormContext;
  cluster: string | undefined;
  toYaml: () => void;
}

/** The fields of a manifest, in parts that fold. */
export function WorkloadForm({ form, cluster, toYaml }: WorkloadFormProps) {
  const { t } = useTranslation();
  const { manifest, apply, wrong } = form;
  const containers = containersPath(manifest.kind);
  const none = wrong(containers);
  return (
    <FormContext value={form}>
      <Basics cluster={cluster} />
      {listAt(manifest, containers).map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a container is its place in the manifest
        <ContainerSection key={index} index={index} />
      ))}
      {none && (
        <div className="bad-text" role="alert">
          {none}
        </div>
      )}
      <AddButton
        id={placeOf(containers)}
        text={t('create.addContainer')}
        add={() => apply(addContainer(manifest.kind))}
      />
      <Advanced />
      <OnlyInYaml toYaml={toYaml} />
    </FormContext>
  );
}
