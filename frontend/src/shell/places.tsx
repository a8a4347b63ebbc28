import {
  AppstoreOutlined,
  AuditOutlined,
  BlockOutlined,
  ClusterOutlined,
  DashboardOutlined,
  GoldOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';

/** The pages that the navigation leads to. */
export const places = [
  { path: '/', name: 'overview', icon: <DashboardOutlined aria-hidden="true" /> },
  { path: '/workloads', name: 'workloads', icon: <AppstoreOutlined aria-hidden="true" /> },
  { path: '/pods', name: 'pods', icon: <BlockOutlined aria-hidden="true" /> },
  { path: '/objects', name: 'objects', icon: <GoldOutlined aria-hidden="true" /> },
  { path: '/operations', name: 'operations', icon: <UnorderedListOutlined aria-hidden="true" /> },
  { path: '/audit', name: 'audit', icon: <AuditOutlined aria-hidden="true" /> },
  { path: '/clusters', name: 'clusters', icon: <ClusterOutlined aria-hidden="true" /> },
] as const;
