CREATE INDEX issues_month ON issues (pan, month);
DROP INDEX issues_state;
CREATE INDEX issues_open ON issues (number) WHERE state IN ('Pending', 'AwaitingApproval');
DROP INDEX issues_shift;
CREATE INDEX issues_shift ON issues (shift) WHERE shift IS NOT NULL;
