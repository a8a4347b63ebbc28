import { PauseOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

interface HeldLineProps {
  changes: number;
  show: () => void;
}

/** Says that rows would have moved, and shows them where they belong. */
export function HeldLine({ changes, show }: HeldLineProps) {
  const { t } = useTranslation();
  if (changes === 0) return null;
  return (
    <p className="quiet" data-testid="held">
      <PauseOutlined aria-hidden="true" /> {t('list.held')}
      <Button type="link" size="small" onClick={show}>
        {t('list.changes', { count: changes })}
      </Button>
    </p>
  );
}
