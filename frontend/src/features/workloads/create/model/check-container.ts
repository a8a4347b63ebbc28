import { type Path, valueAt } from '@/ui/editor/yaml/nodes';
import { handlers } from './edits';
import { isConfigKey, isImage, isLabel, isPortName, isSubdomain, isVariableName, quantity } from './formats';
import { containersPath } from './kinds';
import { listAt, type Manifest, textAt } from './manifest';
import { numberMistake, type Report } from './mistake';

export const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
export const RESOURCES = ['cpu', 'memory'] as const;

/** The numbers of a probe; where one is empty, Kubernetes has a default. */
export const probeNumbers = {
  initialDelaySeconds: { least: 0, most: 2 ** 31 - 1, optional: true },
  periodSeconds: { least: 1, most: 2 ** 31 - 1, optional: true },
  timeoutSeconds: { least: 1, most: 2 ** 31 - 1, optional: true },
  failureThreshold: { least: 1, most: 2 ** 31 - 1, optional: true },
};

export function checkContainer(manifest: Manifest, index: number, report: Report): void {
  const containers = containersPath(manifest.kind);
  const path = [...containers, index];
  const names = listAt(manifest, containers).map((one) => valueAt(one, ['name']));
  const name = textAt(manifest, [...path, 'name']);
  if (name === '') report.add([...path, 'name'], 'required');
  else if (!isLabel(name)) report.add([...path, 'name'], 'label');
  else if (names.indexOf(name) < index) report.add([...path, 'name'], 'twice', { name });
  const image = textAt(manifest, [...path, 'image']);
  if (image === '') report.add([...path, 'image'], 'required');
  else if (!isImage(image)) report.add([...path, 'image'], 'image');
  checkPorts(manifest, path, report);
  checkVariables(manifest, path, report);
  checkResources(manifest, path, report);
  for (const probe of PROBES) checkProbe(manifest, path, [...path, probe], report);
}

function checkPorts(manifest: Manifest, container: Path, report: Report): void {
  const seen = new Set<string>();
  for (const index of listAt(manifest, [...container, 'ports']).keys()) {
    const path = [...container, 'ports', index];
    const port = textAt(manifest, [...path, 'containerPort']);
    const name = textAt(manifest, [...path, 'name']);
    const one = `${port}/${textAt(manifest, [...path, 'protocol']) || 'TCP'}`;
    if (!isPort(port)) report.add([...path, 'containerPort'], 'port');
    else if (seen.has(one)) report.add([...path, 'containerPort'], 'twice', { name: one });
    if (name !== '' && !isPortName(name)) report.add([...path, 'name'], 'portName');
    else if (name !== '' && seen.has(name)) report.add([...path, 'name'], 'twice', { name });
    seen.add(one).add(name);
  }
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

function checkVariables(manifest: Manifest, container: Path, report: Report): void {
  const seen = new Set<string>();
  for (const index of listAt(manifest, [...container, 'env']).keys()) {
    const path = [...container, 'env', index];
    const name = textAt(manifest, [...path, 'name']);
    if (name === '') report.add([...path, 'name'], 'required');
    else if (!isVariableName(name)) report.add([...path, 'name'], 'variable');
    else if (seen.has(name)) report.add([...path, 'name'], 'twice', { name });
    seen.add(name);
    for (const source of ['configMapKeyRef', 'secretKeyRef']) {
      const from = [...path, 'valueFrom', source];
      if (valueAt(manifest.value, from) === undefined) continue;
      const [object, key] = [textAt(manifest, [...from, 'name']), textAt(manifest, [...from, 'key'])];
      if (object === '') report.add([...from, 'name'], 'required');
      else if (!isSubdomain(object)) report.add([...from, 'name'], 'object');
      if (key === '') report.add([...from, 'key'], 'required');
      else if (!isConfigKey(key)) report.add([...from, 'key'], 'configKey');
    }
  }
}

function checkResources(manifest: Manifest, container: Path, report: Report): void {
  for (const what of RESOURCES) {
    const amounts = ['requests', 'limits'].map((of) => {
      const path = [...container, 'resources', of, what];
      const text = textAt(manifest, path);
      const amount = text === '' ? null : quantity(text);
      if (text !== '' && amount === null) report.add(path, 'quantity');
      else if (what === 'memory' && amount !== null && amount % 1 !== 0) report.add(path, 'fraction');
      return { path, text, amount };
    });
    const [request, limit] = amounts;
    if (request?.amount && limit?.amount && request.amount > limit.amount) {
      report.add(request.path, 'aboveLimit', { limit: limit.text });
    }
  }
}

function checkProbe(manifest: Manifest, container: Path, probe: Path, report: Report): void {
  const handler = handlers.find((one) => valueAt(manifest.value, [...probe, one]) !== undefined);
  if (handler === 'exec') {
    const command = [...probe, 'exec', 'command'];
    if (listAt(manifest, command).length === 0) report.add(command, 'required');
  } else if (handler) checkProbePort(manifest, container, [...probe, handler], report);
  for (const [field, rule] of Object.entries(probeNumbers)) {
    numberMistake(report, [...probe, field], textAt(manifest, [...probe, field]), rule);
  }
}

function checkProbePort(manifest: Manifest, container: Path, handler: Path, report: Report): void {
  const path = textAt(manifest, [...handler, 'path']);
  if (path !== '' && !path.startsWith('/')) report.add([...handler, 'path'], 'probePath');
  const port = textAt(manifest, [...handler, 'port']);
  const names = listAt(manifest, [...container, 'ports']).map((one) => valueAt(one, ['name']));
  if (port === '') report.add([...handler, 'port'], 'required');
  else if (/^\d+$/.test(port) ? !isPort(port) : !isPortName(port)) report.add([...handler, 'port'], 'port');
  else if (!isPort(port) && !names.includes(port)) report.add([...handler, 'port'], 'unknownPort', { port });
}
