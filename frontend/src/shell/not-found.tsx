'use client';

import Link from 'next/link';
import { useTranslation } from 'react-i18next';
import { Empty } from '@/ui/feedback/empty';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty text={t('notFound.title')}>
      <Link href="/">{t('notFound.home')}</Link>
    </Empty>
  );
}
