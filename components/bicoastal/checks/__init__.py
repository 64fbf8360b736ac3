"""What must hold, as plain functions without Pulumi: for constructors, the plan and the policy pack."""
