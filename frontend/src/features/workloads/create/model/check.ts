import { entriesOf, type Path } from '@/ui/editor/yaml/nodes';
import { checkContainer } from './check-container';
import {
  isLabel,
  isLabelKey,
  isLabelValue,
  isSubdomain,
  isTimeZone,
  nearestName,
  wrongCronField,
} from './formats';
import {
  containersPath,
  podLabelsPath,
  ruleOf,
  SELECTOR,
  type SpecField,
  specPath,
  templatePath,
} from './kinds';
import { LABEL, listAt, type Manifest, textAt, textOf } from './manifest';
import { type Mistake, numberMistake, Report } from './mistake';

const LONGEST_NAME = 253;

/** What each number of `spec` may be; the API server takes 32 bits. */
export const numberRules = {
  replicas: { least: 0, most: 10_000, optional: true },
  completions: { least: 0, most: 2 ** 31 - 1, optional: true },
  parallelism: { least: 0, most: 2 ** 31 - 1, optional: true },
  backoffLimit: { least: 0, most: 2 ** 31 - 1, optional: true },
} satisfies Partial<Record<SpecField, object>>;

export const CONCURRENCY = ['Allow', 'Forbid', 'Replace'];

/** What is wrong in the fields of the form, in their order. The API server checks more than this. */
export function check(manifest: Manifest): Mistake[] {
  const report = new Report();
  checkIdentity(manifest, report);
  checkSpec(manifest, report);
  const containers = listAt(manifest, containersPath(manifest.kind));
  if (containers.length === 0) report.add(containersPath(manifest.kind), 'noContainer');
  for (const index of containers.keys()) checkContainer(manifest, index, report);
  checkLabels(manifest, ['metadata', 'labels'], report);
  checkLabels(manifest, podLabelsPath(manifest.kind), report);
  checkSelector(manifest, report);
  return report.mistakes;
}

function checkIdentity(manifest: Manifest, report: Report): void {
  const { apiVersion, longestName = LONGEST_NAME } = ruleOf(manifest.kind);
  if (textAt(manifest, ['apiVersion']) !== apiVersion)
    report.add(['apiVersion'], 'apiVersion', { apiVersion });
  const name = textAt(manifest, ['metadata', 'name']);
  const place = ['metadata', 'name'];
  if (name === '') report.add(place, 'required');
  else if (name.length > longestName) report.add(place, 'tooLong', { most: longestName, count: name.length });
  else if (!isSubdomain(name)) {
    const example = nearestName(name, longestName);
    report.add(place, isSubdomain(example) ? 'nameLike' : 'name', { example });
  }
  const namespace = textAt(manifest, ['metadata', 'namespace']);
  if (namespace !== '' && !isLabel(namespace)) report.add(['metadata', 'namespace'], 'label');
}

function checkSpec(manifest: Manifest, report: Report): void {
  const { kind } = manifest;
  for (const field of ruleOf(kind).fields) {
    const path = specPath(kind, field);
    const text = textAt(manifest, path);
    if (field in numberRules) {
      numberMistake(report, path, text, numberRules[field as keyof typeof numberRules]);
    } else if (field === 'schedule') checkSchedule(report, path, text);
    else if (field === 'timeZone' && text !== '' && !isTimeZone(text)) report.add(path, 'timeZone');
    else if (field === 'concurrencyPolicy' && text !== '' && !CONCURRENCY.includes(text)) {
      report.add(path, 'oneOf', { values: CONCURRENCY });
    } else if (field === 'serviceName' && text !== '' && !isLabel(text)) report.add(path, 'label');
  }
  if (!ruleOf(kind).ends) return;
  const policy = [...templatePath(kind), 'spec', 'restartPolicy'];
  if (!['Never', 'OnFailure'].includes(textAt(manifest, policy))) {
    report.add(policy, 'oneOf', { values: ['Never', 'OnFailure'] });
  }
}

function checkSchedule(report: Report, path: Path, text: string): void {
  const wrong = wrongCronField(text);
  if (text === '') report.add(path, 'required');
  else if (/^(CRON_)?TZ=/.test(text)) report.add(path, 'scheduleZone');
  else if (wrong === -1) report.add(path, 'schedule');
  else if (wrong !== null)
    report.add(path, 'scheduleField', { field: text.trim().split(/\s+/)[wrong] ?? '' });
}

function checkLabels(manifest: Manifest, labels: Path, report: Report): void {
  const name = textAt(manifest, ['metadata', 'name']);
  const keys = new Set<string>();
  for (const [index, [key, value]] of entriesOf(manifest, labels).entries()) {
    const text = textOf(value);
    const place = [...labels, index];
    if (key === '') report.add(place, 'labelEmpty');
    else if (!isLabelKey(key)) report.add(place, 'labelKey');
    else if (keys.has(key)) report.add(place, 'twice', { name: key });
    // The name that this label follows is named as wrong already.
    else if (!isLabelValue(text) && !(key === LABEL && name.startsWith(text)))
      report.add(place, 'labelValue');
    keys.add(key);
  }
}

function checkSelector(manifest: Manifest, report: Report): void {
  if (!ruleOf(manifest.kind).hasSelector) return;
  const labels = podLabelsPath(manifest.kind);
  const asked = entriesOf(manifest, SELECTOR);
  const carried = new Map(entriesOf(manifest, labels));
  const missing = asked.filter(
    ([key, value]) => !carried.has(key) || textOf(carried.get(key)) !== textOf(value),
  );
  const isOther = manifest.document.hasIn(['spec', 'selector', 'matchExpressions']);
  if (asked.length === 0 && !isOther) report.add(labels, 'noSelector');
  if (missing.length > 0) {
    report.add(labels, 'unmatched', {
      labels: missing.map(([key, value]) => `${key}=${textOf(value)}`),
    });
  }
}
