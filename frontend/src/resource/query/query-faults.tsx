import { useTranslation } from 'react-i18next';
import type { TextKey } from '@/language/texts';
import type { Fault, readQuery } from './query';

interface QueryFaultsProps {
  query: Pick<ReturnType<typeof readQuery>, 'faults' | 'odd'>;
  unanswered: Record<string, TextKey>;
}

/** What of the text is not applied, and why. */
export function QueryFaults({ query, unanswered }: QueryFaultsProps) {
  const { t } = useTranslation();
  const words = ({ kind, token, value }: Fault) => {
    if (kind === 'words') return t('query.noWords', { value });
    const reason = unanswered[token];
    if (kind === 'unanswered')
      return [t('query.unanswered', { token }), ...(reason ? [t(reason)] : [])].join(' ');
    if (kind === 'named')
      return [t('query.unknownName', { token, value }), ...(reason ? [t(reason)] : [])].join(' ');
    if (kind === 'time') return t('query.noTime', { value });
    return t(kind === 'selector' ? 'query.noSelector' : 'query.noValue', { token, value });
  };
  return (
    <>
      {query.faults.length > 0 && (
        <div role="alert" className="bad-text" data-testid="query-fault">
          {query.faults.map((fault) => (
            <p key={`${fault.text} ${fault.value}`}>{words(fault)}</p>
          ))}
        </div>
      )}
      {query.odd.length > 0 && (
        <p className="quiet" data-testid="query-odd">
          {t('query.asWords', { words: query.odd.join(' ') })}
        </p>
      )}
    </>
  );
}
