import { CloseOutlined, RobotOutlined, UserOutlined, WarningOutlined } from '@ant-design/icons';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Age } from '../feedback/age';

const DAY_MS = 86_400_000;

const icons = {
  person: UserOutlined,
  service: RobotOutlined,
  failure: CloseOutlined,
  warning: WarningOutlined,
};

export interface TimelineEntry {
  key: string;
  at: string;
  /** Who did it; a failure and a warning stand out, whoever did it. */
  by: keyof typeof icons;
  content: ReactNode;
}

interface TimelineProps {
  /** The newest first. */
  entries: readonly TimelineEntry[];
  /** Whether it has every change, so that the days between two entries were quiet. */
  isComplete?: boolean;
}

/** What happened, one entry below the other, each with its time. Days between two entries are folded and counted. */
export function Timeline({ entries, isComplete }: TimelineProps) {
  return (
    <ol className="timeline">
      {entries.map(({ key, at, by, content }, index) => {
        const newer = entries[index - 1];
        const Icon = icons[by];
        return (
          <Fragment key={key}>
            {isComplete && newer && <Quiet days={quietDays(newer.at, at)} />}
            <li>
              <span className="timeline-time quiet">
                <Age at={at} isShort />
              </span>
              <span className={`timeline-mark timeline-${by}`}>
                <Icon aria-hidden="true" />
              </span>
              <div className="grow">{content}</div>
            </li>
          </Fragment>
        );
      })}
    </ol>
  );
}

export function quietDays(newer: string, older: string): number {
  return Math.floor((Date.parse(newer) - Date.parse(older)) / DAY_MS);
}

function Quiet({ days }: { days: number }) {
  const { t } = useTranslation();
  if (days < 1) return null;
  return (
    <li className="timeline-quiet">
      <span className="timeline-time" />
      <span className="timeline-mark" />
      {t('timeline.quiet', { count: days })}
    </li>
  );
}
