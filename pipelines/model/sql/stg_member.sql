-- One row per membership, of a person or of an organisation, as the export tells it
with
load as (
    select * from load_member
),

final as (
    select
        member_id,
        member_type_code,
        since_date,
        since_date_missing,
        until_date,
        until_date_missing,
        organisation_id,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
