import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Loading } from '@/ui/feedback/loading';

interface Count {
  key: string;
  label: string;
  count: number;
  href?: string;
  bad?: boolean;
}

/** Numbers that lead to the very rows they count. */
export function Counts({ counts }: { counts: Count[] | undefined }) {
  const { t, i18n } = useTranslation();
  if (!counts) return <Loading lines={3} />;
  const present = counts.filter(({ count }) => count > 0);
  if (present.length === 0) return <p className="quiet">{t('dashboard.nothing')}</p>;
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <ul className="counts">
      {present.map(({ key, label, count, href, bad }) => {
        const words = (
          <>
            <span className={bad ? 'count bad-text' : 'count'}>{number.format(count)}</span>
            <span>{label}</span>
          </>
        );
        return (
          <li key={key} data-testid={`count-${key}`}>
            {href ? (
              <Link href={href} prefetch={false}>
                {words}
              </Link>
            ) : (
              <span>{words}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
