-- One row per complaint that the organisation received about its services, in the year in which it came
with
complaints as (
    select * from stg_complaint
),

periods as (
    select * from period
),

final as (
    select
        complaints.complaint_id,
        complaints.complaint_date,
        periods.label as period,
        complaints.complaint_nature_code,
        complaints.complaint_outcome_code,
        complaints.closed_date,
        complaints.closed_date_missing,
        complaints.load_id,
        complaints.source_file,
        complaints.source_row
    from complaints
    left join periods
        on complaints.complaint_date between periods.first_day and periods.last_day
)

select * from final
