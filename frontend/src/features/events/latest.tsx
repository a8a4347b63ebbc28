import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { useDispatch } from 'react-redux';
import { useReread } from '@/resource/use-reread';
import { WindowRows } from '@/resource/window-rows';
import { Age } from '@/ui/feedback/age';
import { Empty } from '@/ui/feedback/empty';
import { alikeEvents } from './alike';
import { eventsApi, useEventsQuery } from './api';

/** As many as are read beside the changes of the object. */
const FIRST = 20;
const SHOWN = 6;

interface LatestEventsProps {
  of: { id: string };
  /** Where all of them are. */
  href: string;
}

/** What Kubernetes reported last about an object. */
export function LatestEvents({ of, href }: LatestEventsProps) {
  const { t } = useTranslation();
  const dispatch = useDispatch();
  const filter = { about: of.id };
  const { data, error, refetch } = useEventsQuery({ filter, first: FIRST, after: null });
  useReread(() => dispatch(eventsApi.util.invalidateTags(['KubernetesEvent'])), of);
  return (
    <section className="panel" aria-labelledby="latest-events" data-testid="latest-events">
      <div className="panel-head">
        <h2 id="latest-events">{t('detail.tab.events')}</h2>
        <Link href={href} prefetch={false} scroll={false}>
          {t('events.all')}
        </Link>
      </div>
      <WindowRows
        rows={data && alikeEvents(data.nodes).slice(0, SHOWN)}
        error={error}
        retry={() => void refetch()}
        height={SHOWN}
        empty={<Empty text={t('events.none')} />}
      >
        {(events) => (
          <ul className="latest-events">
            {events.map(({ event: { id, type, reason, message, lastSeen }, count, objects }) => (
              <li key={id}>
                <span className="quiet">
                  <Age at={lastSeen} isShort />
                </span>
                <span className={type === 'Warning' ? 'warn-text wrap' : 'wrap'}>
                  <strong>{reason}</strong>
                  {count > 1 && <span className="number"> ×{count}</span>}
                  {objects.length > 1 && (
                    <span className="quiet"> · {t('history.objects', { count: objects.length })}</span>
                  )}
                </span>
                <span className="quiet">{message}</span>
              </li>
            ))}
          </ul>
        )}
      </WindowRows>
    </section>
  );
}
