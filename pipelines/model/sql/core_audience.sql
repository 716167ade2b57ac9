-- One row per activity and role of those who were there, in the year of the activity
with
audiences as (
    select * from stg_audience
),

-- An activity id given twice is found by the suites; here it must not repeat the audience.
activities as (
    select
        activity_id,
        min(activity_date) as activity_date,
        min(period) as period
    from core_activity
    group by activity_id
),

final as (
    select
        -- An export names audiences by their activity alone: the place in the file tells them apart.
        concat_ws('-', audiences.activity_id, audiences.source_file, audiences.source_row) as audience_key,
        audiences.activity_id,
        activities.activity_date,
        activities.period,
        audiences.role_code,
        audiences.participant_count,
        audiences.participant_count_missing,
        audiences.load_id,
        audiences.source_file,
        audiences.source_row
    from audiences
    left join activities
        on audiences.activity_id = activities.activity_id
)

select * from final
