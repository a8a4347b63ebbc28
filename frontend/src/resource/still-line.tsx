import { ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Age } from '@/ui/feedback/age';

interface StillLineProps {
  name: string;
  /** When the rows were read, in milliseconds. */
  asOf: number | undefined;
  refresh: () => void;
}

/** Says that the changes of a list are not followed, and reads it again on request. */
export function StillLine({ name, asOf, refresh }: StillLineProps) {
  const { t } = useTranslation();
  return (
    <p className="quiet" data-testid={`${name}-still`}>
      {t('list.still')}{' '}
      {asOf && (
        <>
          {t('problems.asOf')} <Age at={asOf} />
        </>
      )}
      <Button type="link" size="small" icon={<ReloadOutlined aria-hidden="true" />} onClick={refresh}>
        {t('list.refresh')}
      </Button>
    </p>
  );
}
