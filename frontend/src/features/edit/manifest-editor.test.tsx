// @vitest-environment jsdom
import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { answerByName, show } from '@/test/render';
import ManifestEditor from './manifest-editor';

it('reads the schema of each kind that is in the text', async () => {
  const schema = { type: 'object', properties: { data: { type: 'object' } } };
  const requests = answerByName({ KindSchema: { kindSchema: schema } });
  const text = 'apiVersion: v1\nkind: ConfigMap\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\n';
  show(
    <ManifestEditor cluster="c" text={text} label="Manifests" onChange={() => {}} faults={[]} line={null} />,
  );
  expect(screen.getByLabelText('Manifests')).toBeInTheDocument();
  expect(screen.getByTestId('field-docs')).toHaveTextContent('Put the cursor on a field');
  await vi.waitFor(() =>
    expect(requests.map(({ variables }) => variables)).toEqual([
      { cluster: 'c', kind: 'ConfigMap' },
      { cluster: 'c', kind: 'Ingress.networking.k8s.io' },
    ]),
  );
});
