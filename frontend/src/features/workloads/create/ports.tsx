import { useTranslation } from 'react-i18next';
import { append, type Path, remove } from '@/ui/editor/yaml/nodes';
import { optional } from './basics';
import { ChoiceField, TextField } from './fields';
import { useManifestForm } from './form-context';
import { setPort } from './model/edits';
import { listAt, textAt } from './model/manifest';
import { Row, Rows, Section } from './section';

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

export function Ports({ container }: { container: Path }) {
  const { t } = useTranslation();
  const { manifest, apply } = useManifestForm();
  const ports = [...container, 'ports'];
  const numbers = listAt(manifest, ports).map((_, index) =>
    textAt(manifest, [...ports, index, 'containerPort']),
  );
  return (
    <Section
      title={t('create.ports')}
      summary={numbers.length > 0 ? numbers.filter(Boolean).join(t('mark.comma')) : t('create.unset')}
      testId="section-ports"
    >
      <Rows
        text={t('create.addPort')}
        add={() => apply((document) => append(document, ports, { containerPort: '' }))}
      >
        {numbers.map((number, index) => {
          const path = [...ports, index];
          return (
            <Row
              // biome-ignore lint/suspicious/noArrayIndexKey: a port is its place in the manifest
              key={index}
              label={t('create.portOf', { port: number || `#${index + 1}` })}
              removal={t('create.removePort', { port: number || `#${index + 1}` })}
              remove={() => apply((document) => remove(document, path))}
            >
              <TextField path={[...path, 'containerPort']} label={t('create.port')} change={setPort} />
              <TextField path={[...path, 'name']} label={t('create.portName')} placeholder="http" />
              <ChoiceField
                path={[...path, 'protocol']}
                label={t('create.protocol')}
                options={optional('TCP', PROTOCOLS.slice(1))}
                value={textAt(manifest, [...path, 'protocol']).replace(/^TCP$/, '')}
              />
            </Row>
          );
        })}
      </Rows>
    </Section>
  );
}
