-- One row per referral source of a request, as the export tells it
with
load as (
    select * from load_referral
),

final as (
    select
        request_id,
        referral_source_code,
        is_main as is_declared_main,
        load_id,
        source_file,
        source_row
    from load
)

select * from final
