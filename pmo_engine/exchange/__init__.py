"""What comes from other tools and goes to them: DMN models, event logs, CSV and XLSX tables."""
