import { RightOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { useMedia } from '@/ui/hooks/use-media';
import { KindNav } from './kind-nav';
import { WITH_KINDS } from './with-kinds';

/** The kinds above a list, where the navigation has no room for them. */
export function KindFold() {
  const { t } = useTranslation();
  const isInNavigation = useMedia(WITH_KINDS);
  if (isInNavigation) return null;
  return (
    <details className="panel kind-fold" data-testid="kind-fold">
      <summary className="kind">
        <RightOutlined className="kind-mark" aria-hidden="true" />
        {t('kinds.title')}
      </summary>
      <KindNav />
    </details>
  );
}
