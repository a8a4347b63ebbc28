import {
  AlignLeftOutlined,
  BellOutlined,
  CodeOutlined,
  DiffOutlined,
  FlagOutlined,
  LineChartOutlined,
  SafetyOutlined,
} from '@ant-design/icons';
import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import type { EvidenceKind } from '@/graphql/generated/graphql';
import { Age } from '../feedback/age';

const icons: Record<EvidenceKind, typeof FlagOutlined> = {
  ADMISSION: SafetyOutlined,
  CHANGE: DiffOutlined,
  CONDITION: FlagOutlined,
  CONTAINER: CodeOutlined,
  EVENT: BellOutlined,
  LOG: AlignLeftOutlined,
  METRIC: LineChartOutlined,
};

interface EvidenceChipProps {
  source: EvidenceKind;
  words: string;
  /** The place that shows it. */
  href?: string;
  /** Of which object it is, in words. */
  where?: string;
  /** Whether one sees of which object it is. */
  isPlaced?: boolean;
  /** How often it was observed. */
  count?: number;
  at?: string | null;
}

/** One observation in its own words, with the icon of its source. It leads to the place that shows it. */
export function EvidenceChip({ source, words, href, where, isPlaced, count = 1, at }: EvidenceChipProps) {
  const { t } = useTranslation();
  const Icon = icons[source];
  const kind = t(`evidenceKind.${source}`);
  const title = [kind, where].filter(Boolean).join(' · ');
  const content = (
    <>
      <Icon aria-hidden="true" />
      <span>
        <span className="for-readers">{kind}</span> {words}
        {where && (
          <span className={isPlaced ? undefined : 'for-readers'}>
            {t('mark.comma')}
            {where}
          </span>
        )}
        {count > 1 && <span className="number"> ×{count}</span>}
        {at && (
          <span className="evidence-age">
            {' · '}
            <Age at={at} />
          </span>
        )}
      </span>
    </>
  );
  return href ? (
    <Link className="evidence" href={href} prefetch={false} title={title}>
      {content}
    </Link>
  ) : (
    <span className="evidence" title={title}>
      {content}
    </span>
  );
}
