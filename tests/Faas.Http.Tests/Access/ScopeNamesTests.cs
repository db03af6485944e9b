using Faas.Actors.Json;
using Faas.Http.Access;
using Xunit;

namespace Faas.Http.Tests.Access;

public sealed class ScopeNamesTests
{
    [Theory]
    [InlineData("invoke", Scopes.Invoke)]
    [InlineData("write+invoke", Scopes.Invoke | Scopes.Write)]
    [InlineData("execute", Scopes.Execute)]
    [InlineData("read", Scopes.Read)]
    [InlineData("metrics", Scopes.Metrics)]
    [InlineData("runs", Scopes.Runs)]
    [InlineData("admin", Scopes.Admin)]
    [InlineData("invoke+invoke", Scopes.Invoke)]
    [InlineData("", null)]
    [InlineData("invoke+", null)]
    [InlineData("Invoke", null)]
    [InlineData("invoke write", null)]
    [InlineData("reads", null)]
    public void Names_are_joined_by_a_plus(string names, Scopes? scopes) => Assert.Equal(scopes, ScopeNames.Parse(names));

    [Theory]
    [InlineData(Scopes.Invoke, Scopes.Invoke, true)]
    [InlineData(Scopes.Invoke, Scopes.Write, false)]
    [InlineData(Scopes.Write, Scopes.Invoke, false)]
    [InlineData(Scopes.Invoke, Scopes.Execute, false)]
    [InlineData(Scopes.Write, Scopes.Read, false)]
    [InlineData(Scopes.Admin, Scopes.Read, true)]
    [InlineData(Scopes.Execute, Scopes.Invoke, false)]
    [InlineData(Scopes.Invoke | Scopes.Write, Scopes.Admin, false)]
    [InlineData(Scopes.Admin, Scopes.Invoke, true)]
    [InlineData(Scopes.Admin, Scopes.Write, true)]
    [InlineData(Scopes.Admin, Scopes.Admin, true)]
    [InlineData(Scopes.Execute, Scopes.Invoke | Scopes.Execute, true)]
    [InlineData(Scopes.Invoke | Scopes.Write, Scopes.Invoke | Scopes.Execute, true)]
    [InlineData(Scopes.Read, Scopes.Invoke | Scopes.Execute, false)]
    [InlineData(Scopes.Admin, Scopes.Invoke | Scopes.Execute, true)]
    public void Admin_includes_the_others_and_no_other_includes_one(Scopes held, Scopes needed, bool suffices) =>
        Assert.Equal(suffices, held.Include(needed));

    [Fact]
    public void Several_scopes_have_their_names_with_spaces_between_them() =>
        Assert.Equal("invoke execute", ScopeNames.NamesOf(Scopes.Execute | Scopes.Invoke));

    [Theory]
    [InlineData(Scopes.Invoke)]
    [InlineData(Scopes.Execute)]
    [InlineData(Scopes.Read)]
    [InlineData(Scopes.Metrics)]
    [InlineData(Scopes.Runs)]
    [InlineData(Scopes.Write)]
    [InlineData(Scopes.Admin)]
    public void A_written_name_is_read_back(Scopes scope) => Assert.Equal(scope, ScopeNames.Parse(scope.ToWire()));
}
