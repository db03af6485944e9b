using System.Text;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using Faas.Actors.Tests.Storage.Redis;
using Xunit;

namespace Faas.Actors.Tests.Schedules;

/// <summary>The stored form of a schedule.</summary>
public sealed class ScheduleFormTests
{
    private const string Whole =
        """{"name":"report","path":"math/add","version":"stable","cron":"* * * * *","timeZone":"UTC","priority":5,"enabled":true,"overlap":"queue","missed":"skip","key":"ci","caller":"key ci","createdAt":"1970-01-01T00:00:00+00:00","updatedAt":"1970-01-01T00:00:00+00:00"}""";

    private const string Failure = """{"reason":"not_found","detail":"There is no script."}""";

    [Fact]
    public void What_is_stored_stays_readable_for_ever()
    {
        Assert.Equal(Whole, Encoding.UTF8.GetString(ScheduleJson.BytesOf(ScheduleExample.Whole)));
        Assert.Equal(ScheduleExample.Whole, ScheduleJson.ScheduleOf(Encoding.UTF8.GetBytes(Whole)));
        var failure = new FireFailure("not_found", "There is no script.");
        Assert.Equal(Failure, Encoding.UTF8.GetString(ScheduleJson.BytesOf(failure)));
        Assert.Equal(failure, ScheduleJson.FailureOf(Encoding.UTF8.GetBytes(Failure)));
    }

    [Fact]
    public void A_member_of_a_later_version_is_left_alone_and_nonsense_is_an_error_of_the_store()
    {
        var later = Whole.Replace("{\"name", "{\"later\":[1],\"name", StringComparison.Ordinal);
        Assert.Equal(ScheduleExample.Whole, ScheduleJson.ScheduleOf(Encoding.UTF8.GetBytes(later)));
        var wrong = Assert.Throws<StoreException>(() => ScheduleJson.ScheduleOf("{}"u8));
        Assert.StartsWith("A schedule cannot be read: ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_record_of_its_run_names_the_schedule()
    {
        var call = KeptExample.Call() with { Via = RunVia.Schedule, Schedule = "report" };
        var bytes = KeptJson.BytesOf(call);
        Assert.Contains("\"schedule\":\"report\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(call, KeptJson.CallOf(bytes));
    }
}
