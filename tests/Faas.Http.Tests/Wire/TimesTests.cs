using System.Text.Json;
using Faas.Http.Server;
using Xunit;

namespace Faas.Http.Tests.Wire;

/// <summary>Every answer writes times in one form, UTC with a Z.</summary>
public sealed class TimesTests
{
    [Fact]
    public void No_record_that_is_sent_has_a_time_with_an_offset()
    {
        var offsets = typeof(FaasServer).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reply", StringComparison.Ordinal) || type.Name.EndsWith("Event", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties())
            .Where(member => (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType) == typeof(DateTimeOffset))
            .Select(member => $"{member.DeclaringType!.Name}.{member.Name}");
        Assert.Empty(offsets);
        Assert.EndsWith("Z\"", JsonSerializer.Serialize(DateTimeOffset.UnixEpoch.UtcDateTime), StringComparison.Ordinal);
    }
}
