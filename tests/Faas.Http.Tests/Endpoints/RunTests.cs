using System.Net;
using Faas.Actors.Invocations;
using Faas.Actors.Pool;
using Faas.Http.Tests.Server;
using Xunit;

namespace Faas.Http.Tests.Endpoints;

public sealed class RunTests
{
    [Fact]
    public async Task A_stored_script_runs_and_its_data_comes_back_byte_for_byte()
    {
        await using var faas = await FaasUnderTest.StartAsync();
        using var response = await faas.PostAsync("/run/math/add", """{"input": {"a": 3, "b": 5}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"data":42,"type":"number"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("1739000000", response.Headers.GetValues("X-Script-Version").Single());
        Assert.Equal("cold", response.Headers.GetValues("X-Start").Single());
        Assert.Equal("0", response.Headers.GetValues("X-Duration-Seconds").Single());

        var invocation = (await faas.Pool.Next<Invoke>()).Invocation;
        Assert.Equal("math/add", invocation.Queue);
        Assert.Equal("return 42", invocation.Code.Source);
        Assert.Equal((InvocationMode.Run, Isolation.Process, false), (invocation.Mode, invocation.Isolation, invocation.Stream));
        Assert.Equal("""{"a": 3, "b": 5}"""u8.ToArray(), invocation.Input.ToArray());
    }
}
