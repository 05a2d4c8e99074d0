module config.partner.io

go 1.26.0
