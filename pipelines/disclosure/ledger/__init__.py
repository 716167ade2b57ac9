"""What is out: the ledger of approved releases, and the approval that lets one out."""
