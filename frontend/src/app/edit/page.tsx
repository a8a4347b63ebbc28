import { EditPage } from '@/features/edit/edit-page';

export default function Page() {
  return <EditPage />;
}
